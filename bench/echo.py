"""The action that answers the benchmark: one sentence, as the handler that Bolt is given says one. Put in while Jeeves runs."""

from jeeves_actions import Action, say, serve_action
from jeeves_contracts.actions import ActionAnswer, ActionRequest, Command, Manifest
from jeeves_service.clock import Clock
from jeeves_service.http import HttpClient
from jeeves_service.serve import main
from jeeves_service.service import Service
from jeeves_service.settings import ServiceSettings

NAME = "echo"


def create_app(settings: ServiceSettings, *, http: HttpClient, clock: Clock) -> Service:  # noqa: ARG001 - it calls nobody
    """Return the service."""
    command = Command(name=NAME, usage=f"{NAME} <words>", summary="Says it again", examples=[f"{NAME} hello"], phrases=[])
    action = Action(Manifest(name=NAME, version="1.0.0", summary="Says things again", commands=[command]))

    @action.command(NAME)
    async def answer(request: ActionRequest) -> ActionAnswer:
        return say(f"You said: {request.text}")

    return serve_action(action, settings, clock)


if __name__ == "__main__":
    main(ServiceSettings, create_app, NAME)
