// What the phone keeps of one box, so that a reload or a dead battery loses nothing: one entry of
// localStorage, shared by all tabs. Each change is made to the newest state, never to a stale copy.
//
// {now: {kind, code, category, resume, signatures, marks, remarks, at, cast}, receipts: [...]}

export class Store {
  constructor(box, storage = storageOf(window)) {
    this.key = `bihuan-ballot-${box}`;
    this.storage = storage;
    this.kept = storage !== null; // false where a private window keeps nothing
    this.memory = null;
  }

  read() {
    if (!this.kept) return copy(this.memory) ?? { receipts: [] };
    try {
      const state = JSON.parse(this.storage.getItem(this.key));
      return state && Array.isArray(state.receipts) ? state : { receipts: [] };
    } catch {
      return { receipts: [] };
    }
  }

  change(make) {
    const state = this.read();
    make(state);
    if (this.kept) {
      try {
        this.storage.setItem(this.key, JSON.stringify(state));
        return state;
      } catch {
        this.kept = false; // full, or switched off meanwhile
      }
    }
    this.memory = copy(state);
    return state;
  }

  // A cast ballot is forgotten: marks, codes and keys go, the receipt stays.
  settle(receipt) {
    return this.change((state) => {
      delete state.now;
      if (!state.receipts.some((one) => one.leaf === receipt.leaf)) state.receipts.push(receipt);
    });
  }

  forget() {
    return this.change((state) => delete state.now);
  }

  // Another tab changed something.
  onChange(act) {
    window.addEventListener("storage", (event) => {
      if (event.key === this.key || event.key === null) act(this.read());
    });
  }
}

function storageOf(window) {
  try {
    const storage = window.localStorage;
    storage.setItem("bihuan-try", "1");
    storage.removeItem("bihuan-try");
    return storage;
  } catch {
    return null;
  }
}

const copy = (state) => (state ? JSON.parse(JSON.stringify(state)) : null);
