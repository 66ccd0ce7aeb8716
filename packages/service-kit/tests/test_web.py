"""Every error of every service is a problem that tells what its reader needs, and nothing of our insides."""

import json

import pytest
from quart import Quart, request
from quart.typing import ResponseReturnValue

from jeeves_contracts.base import Contract
from jeeves_contracts.problem import MEDIA_TYPE, Problem
from jeeves_service import errors
from jeeves_service.clock import SystemClock
from jeeves_service.tokens import Signer, Verifier, new_keys
from jeeves_service.web import MAX_BODY, answer, body_of, create_quart, problem, scoped

PRIVATE, PUBLIC = new_keys({"dispatcher": ("messages:claim", "replies:send")})


class Order(Contract):
    what: str
    count: int


@pytest.fixture
def app() -> Quart:
    made = create_quart("orders")
    made.extensions["verifier"] = Verifier(PUBLIC, "orders", SystemClock())

    @made.post("/orders")
    async def take() -> ResponseReturnValue:
        order = await body_of(Order)
        return answer(order, 201)

    @made.post("/raw")
    async def raw() -> ResponseReturnValue:
        return {"length": len(await request.get_data())}

    @made.get("/own/<name>")
    async def own(name: str) -> ResponseReturnValue:
        raise getattr(errors, name)("why it is so")

    @made.get("/unexpected")
    async def unexpected() -> ResponseReturnValue:
        secret = "hunter2"
        raise RuntimeError(f"password {secret}")

    @made.get("/problem")
    async def made_problem() -> ResponseReturnValue:
        return problem(409, "Taken", "It is there already.")

    @made.post("/internal")
    @scoped("messages:claim")
    async def internal() -> ResponseReturnValue:
        return {"ok": True}

    return made


async def told(response: object, status: int) -> Problem:
    assert response.status_code == status  # type: ignore[attr-defined]
    assert response.content_type == MEDIA_TYPE  # type: ignore[attr-defined]
    data = await response.get_data()  # type: ignore[attr-defined]
    assert b"Traceback" not in data
    assert b".py" not in data
    said = Problem.from_bytes(data)
    assert said.status == status
    return said


async def test_a_contract_goes_in_and_out(app: Quart) -> None:
    response = await app.test_client().post("/orders", data=b'{"what":"tea","count":2,"unknown":1}')
    assert response.status_code == 201
    assert json.loads(await response.get_data()) == {"what": "tea", "count": 2}


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("UnauthenticatedError", 401),
        ("ForbiddenError", 403),
        ("PermanentError", 422),
        ("TransientError", 503),
        ("BusUnavailableError", 503),
        ("UnroutableError", 503),
        ("NotSentError", 503),
        ("NoAnswerError", 503),
        ("JeevesError", 500),
    ],
)
async def test_each_error_of_ours_has_its_status(app: Quart, name: str, status: int) -> None:
    said = await told(await app.test_client().get(f"/own/{name}"), status)
    assert said.detail == "why it is so"


async def test_what_nobody_expected_tells_nothing(app: Quart) -> None:
    said = await told(await app.test_client().get("/unexpected"), 500)
    assert (said.title, said.detail) == ("Something went wrong", "")


async def test_errors_of_http_are_problems(app: Quart) -> None:
    client = app.test_client()
    await told(await client.get("/nowhere"), 404)
    await told(await client.get("/orders"), 405)
    assert (await told(await client.get("/problem"), 409)).detail == "It is there already."


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"\xff\xfe", b"[]", b"null", b"{}", b'{"what":1,"count":"2"}', b"[" * 100_000]
)
async def test_a_body_of_another_shape_is_told_by_field(app: Quart, body: bytes) -> None:
    said = await told(await app.test_client().post("/orders", data=body), 422)
    assert said.errors


async def test_a_wrong_field_is_named_and_its_value_is_not_repeated(app: Quart) -> None:
    said = await told(await app.test_client().post("/orders", data=b'{"what":["hunter2"],"count":1}'), 422)
    assert [error.field for error in said.errors] == ["what"]
    assert "hunter2" not in said.model_dump_json()


async def test_a_body_that_is_too_long_is_refused(app: Quart) -> None:
    client = app.test_client()
    assert (await client.post("/raw", data=b"x" * MAX_BODY)).status_code == 200
    await told(await client.post("/raw", data=b"x" * (MAX_BODY + 1)), 413)


async def test_an_internal_route_takes_only_a_token_with_its_scope(app: Quart) -> None:
    client, signer = app.test_client(), Signer(PRIVATE["dispatcher"], SystemClock())
    await told(await client.post("/internal"), 401)
    await told(await client.post("/internal", headers={"Authorization": "Bearer \xff.a.b"}), 401)
    for scope, status in (("replies:send", 403), ("messages:claim", 200)):
        token = signer.token("orders", scope)
        response = await client.post("/internal", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == status


async def test_every_problem_has_a_trace_of_its_own_or_the_one_it_came_with(app: Quart) -> None:
    client = app.test_client()
    given = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
    assert (await told(await client.get("/nothing", headers={"traceparent": given}), 404)).trace_id == given[3:35]
    made = [(await told(await client.get("/nothing", headers={"traceparent": "x" * n}), 404)).trace_id for n in (0, 9)]
    assert len({len(one or "") for one in made} | {32}) == 1
    assert made[0] != made[1]


async def test_an_unexpected_error_is_found_in_the_log_by_what_its_reader_was_told(
    app: Quart, capsys: pytest.CaptureFixture[str]
) -> None:
    @app.get("/broken")
    async def fail() -> ResponseReturnValue:
        raise RuntimeError("inside")

    said = await told(await app.test_client().get("/broken"), 500)
    assert said.trace_id
    shown = capsys.readouterr()
    assert said.trace_id in shown.out + shown.err
    assert "inside" not in said.model_dump_json()
