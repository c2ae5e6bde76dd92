"""hashicorp/random. With a `seed`, the values differ from the real provider's, which are those of Go's generator."""

from __future__ import annotations

import random
import secrets
import string
import uuid
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode

from ..protocol.plan import Change
from ..protocol.values import NULL, Values
from . import InState, Utility

_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
_CLASSES = {"lower": string.ascii_lowercase, "upper": string.ascii_uppercase, "numeric": string.digits}
_ADVERBS = "barely boldly brightly calmly firmly freely gladly gently humbly kindly lightly neatly openly quietly"
_ADJECTIVES = (
    "able active apt brave bold bright busy calm clean clear clever cool crisp dear eager fair fast fine firm fresh "
    "funny gentle glad grand happy honest humble keen kind live loyal lucky mighty modest neat noble open proud "
    "quick quiet rapid ready sharp smart solid stable steady sunny sweet tidy true vast vital warm wise witty"
)
_NAMES = (
    "ant ape badger bear beaver bee bird bison boar bobcat camel cat cobra cod colt cow crab crane crow deer dingo "
    "dog dove duck eagle eel elk emu falcon ferret finch fish fox frog gecko goat goose hare hawk hen heron horse "
    "ibex jay koala lark lion llama lynx mole moose moth mouse newt orca otter owl ox panda pig pony puma quail ram"
)


def _generator(seed: str | None) -> random.Random:
    return random.Random(seed) if seed else random.SystemRandom()


class Id(InState):
    type_name = "random_id"

    def create(self, context: None, planned: Values) -> Values:
        return self._forms(secrets.token_bytes(int(planned["byte_length"])), planned["prefix"] or "")

    def import_state(self, context: None, import_id: str) -> Values:
        prefix, _, encoded = import_id.rpartition(",")
        content = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        return {**self._forms(content, prefix), "byte_length": len(content), "prefix": prefix or None}

    @staticmethod
    def _forms(content: bytes, prefix: str) -> Values:
        url = urlsafe_b64encode(content).rstrip(b"=").decode()
        forms = {"hex": content.hex(), "dec": str(int.from_bytes(content)), "b64_url": url}
        forms["b64_std"] = b64encode(content).decode()
        return {"id": url, **{name: f"{prefix}{form}" for name, form in forms.items()}}


class Bytes(InState):
    type_name = "random_bytes"

    def create(self, context: None, planned: Values) -> Values:
        content = secrets.token_bytes(int(planned["length"]))
        return {"id": "none", "hex": content.hex(), "base64": b64encode(content).decode()}


class String(InState):
    type_name = "random_string"

    def customise(self, context: None, change: Change) -> None:
        # `number` is the old name of `numeric`.
        for name, other in (("number", "numeric"), ("numeric", "number")):
            if change.config.get(name) is None and change.config.get(other) is not None:
                change.planned[name] = change.planned[other]

    def create(self, context: None, planned: Values) -> Values:
        classes = {**_CLASSES, "special": planned["override_special"] or _SPECIAL}
        generator, length = random.SystemRandom(), int(planned["length"])
        chosen = [generator.choice(of) for name, of in classes.items() for _ in range(int(planned[f"min_{name}"]))]
        every = "".join(of for name, of in classes.items() if planned[name])
        if len(chosen) > length or not every:
            raise ValueError("`length` must be at least the sum of the minimums, and a class of characters be allowed")
        chosen += [generator.choice(every) for _ in range(length - len(chosen))]
        generator.shuffle(chosen)
        # A null bcrypt_hash: the standard library lacks that function.
        return {**self._identified("".join(chosen)), "bcrypt_hash": NULL}

    def import_state(self, context: None, import_id: str) -> Values:
        defaults = {name: attribute.default for name, attribute in self.schema.block.attributes.items()}
        return {**defaults, **self._identified(import_id), "length": len(import_id)}

    def _identified(self, result: str) -> Values:
        return {"id": result, "result": result}


class Password(String):
    """A password; its `bcrypt_hash` is null."""

    type_name = "random_password"

    def _identified(self, result: str) -> Values:
        return {"id": "none", "result": result}


class Pet(InState):
    type_name = "random_pet"

    def create(self, context: None, planned: Values) -> Values:
        length = int(planned["length"])
        of = [*[_ADVERBS] * (length - 2), *[_ADJECTIVES] * (length > 1), *[_NAMES] * (length > 0)]
        words = [secrets.choice(words.split()) for words in of]
        return {"id": planned["separator"].join([*filter(None, [planned["prefix"]]), *words])}


class Uuid(InState):
    type_name = "random_uuid"

    def create(self, context: None, planned: Values) -> Values:
        return self.import_state(context, str(uuid.uuid4()))

    def import_state(self, context: None, import_id: str) -> Values:
        return {"id": import_id, "result": import_id}


class Integer(InState):
    type_name = "random_integer"

    def create(self, context: None, planned: Values) -> Values:
        low, high = int(planned["min"]), int(planned["max"])
        if low > high:
            raise ValueError("the minimum (min) value needs to be smaller than or equal to maximum (max) value")
        result = _generator(planned["seed"]).randint(low, high)
        return {"id": str(result), "result": result}


class Shuffle(InState):
    type_name = "random_shuffle"

    def create(self, context: None, planned: Values) -> Values:
        generator, given = _generator(planned["seed"]), planned["input"]
        wanted = len(given) if planned["result_count"] is None else int(planned["result_count"])
        result: list[str] = []
        while given and len(result) < wanted:
            result += generator.sample(given, len(given))
        return {"id": "-", "result": result[:wanted]}


PROVIDER = Utility("random", Id, Bytes, String, Password, Pet, Uuid, Integer, Shuffle)
