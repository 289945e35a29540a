"""The beginning of a renewal, up to where several stories begin."""

from bot.demo.scene import Scene
from bot.sandbox.driver import Visitor
from conversations.amazon_token.plays import NEW_ENOUGH


async def accounts_named(merchant: Visitor, accounts: str) -> Scene:
    """`merchant` has begun because orders stopped, sees the key set, and has named the accounts."""
    scene = Scene(merchant, "Erika", lambda _text: None)
    await scene.start()
    await scene.press("walk:orders_stopped")
    await scene.say(NEW_ENOUGH)
    await scene.press("walk:sees_key_set")
    await scene.say(accounts)
    return scene


async def credentials_stored(merchant: Visitor, accounts: str) -> Scene:
    """After that, `merchant` has done everything up to storing the new credentials, and is asked for the seller ID."""
    scene = await accounts_named(merchant, accounts)
    for _ in ("account_and_key_set", "backup_token", "way_to_apps"):
        await scene.press("walk:advance")
    await scene.press("walk:ready_to_go")
    for _ in ("disable_access", "developer_form", "licence_terms", "new_credentials"):
        await scene.press("walk:advance")
    return scene
