"""The sample zone and the doors."""

from bihuan.site import demo


def test_every_sample_account_can_sign_in_and_sees_the_overview(browse):
    for account in demo.ACCOUNTS:
        assert browse(account.username).get("/").status_code == 200


def test_a_stranger_is_led_to_the_door(browse):
    assert browse().get("/").headers["Location"].startswith("/people/sign-in/")
