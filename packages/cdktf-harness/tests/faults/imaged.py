"""An app whose image is built and pushed, and whose function answers; small, and built without a network."""

from __future__ import annotations

# How long the build's step takes that is to be hit: longer than it takes to see it begin.
STEP_SECONDS = 2
# Without bindings, whose import would take most of the time.
MAIN = """
import hashlib, json, os
from pathlib import Path
from cdktf import App, TerraformOutput, TerraformStack

cloud, text = os.environ["IMAGED_CLOUD"], Path("image/handler.py").read_text()
registry, tag = cloud.removeprefix("http://"), hashlib.sha256(text.encode()).hexdigest()[:12]
trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
token = "ephemeral.aws_ecr_authorization_token.this"
api = "${aws_api_gateway_rest_api.this.id}"
route = {
    "rest_api_id": api, "resource_id": "${aws_api_gateway_rest_api.this.root_resource_id}", "http_method": "GET"
}
app = App()
stack = TerraformStack(app, "imaged")
for name, source, version in ("aws", "hashicorp/aws", "6.25.0"), ("docker", "kreuzwerker/docker", "4.5.0"):
    stack.add_override(f"terraform.required_providers.{name}", {"source": source, "version": version})
login = {"address": cloud, "username": f"${{{token}.user_name}}", "password": f"${{{token}.password}}"}
stack.add_override("provider.aws", [{"region": "eu-central-1"}])
stack.add_override("provider.docker", [{"registry_auth": [login]}])
stack.add_override(token, {})
for type_, arguments in {
    "aws_ecr_repository": {"name": "imaged", "force_delete": True},
    "docker_registry_image": {
        "name": f"{registry}/${{aws_ecr_repository.this.name}}:{tag}",
        "keep_remotely": True,
        "triggers": {"tag": tag},
        "build": [{
            "context": str(Path("image").resolve()), "dockerfile": "Containerfile", "platform": "linux/ARCHITECTURE",
            "provenance": "false", "sbom": "false", "build_log_file": "build.log",
        }],
    },
    "aws_iam_role": {
        "name": "imaged", "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    },
    "aws_lambda_function": {
        "function_name": "imaged", "package_type": "Image", "role": "${aws_iam_role.this.arn}", "timeout": 10,
        "image_uri": f"{registry}/imaged@${{docker_registry_image.this.sha256_digest}}",
    },
    "aws_lambda_permission": {
        "action": "lambda:InvokeFunction", "function_name": "${aws_lambda_function.this.function_name}",
        "principal": "apigateway.amazonaws.com",
    },
    "aws_api_gateway_rest_api": {"name": "imaged"},
    "aws_api_gateway_method": {**route, "authorization": "NONE"},
    "aws_api_gateway_integration": {
        **route, "http_method": "${aws_api_gateway_method.this.http_method}", "integration_http_method": "POST",
        "type": "AWS_PROXY", "uri": "${aws_lambda_function.this.invoke_arn}",
    },
    "aws_api_gateway_deployment": {"rest_api_id": api, "depends_on": ["aws_api_gateway_integration.this"]},
    "aws_api_gateway_stage": {
        "rest_api_id": api, "deployment_id": "${aws_api_gateway_deployment.this.id}", "stage_name": "prod"
    },
}.items():
    stack.add_override(f"resource.{type_}.this", arguments)
url = f"{cloud}/restapis/{api}/${{aws_api_gateway_stage.this.stage_name}}/_user_request_/"
TerraformOutput(stack, "url", value=url)
app.synth()
"""
# A runtime of Lambda in a few lines.
HANDLER = """
import json, os, urllib.request

api = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{api}/next") as event:
        request = event.headers["Lambda-Runtime-Aws-Request-Id"]
    body = json.dumps({"statusCode": 200, "body": "hello"}).encode()
    urllib.request.urlopen(f"{api}/{request}/response", data=body).close()
"""
STEP = "the step begins"
CONTAINERFILE = f"""\
FROM BASE
RUN ["python3", "-c", "import time; print('{STEP}', flush=True); time.sleep({STEP_SECONDS})"]
COPY handler.py /handler.py
ENTRYPOINT ["python3", "/handler.py"]
"""


def files(base: str, architecture: str) -> dict[str, str]:
    """The files of the app, whose image is built on `base`."""
    context = f'"context": {{"architecture": "{architecture}"}}'
    return {
        "main.py": MAIN.replace("ARCHITECTURE", architecture),
        "image/Containerfile": CONTAINERFILE.replace("BASE", base),
        "image/handler.py": HANDLER,
        "cdktf.json": f'{{"language": "python", "app": "python main.py", "projectId": "x", {context}}}',
        "pyproject.toml": (
            '[tool.cdktf-harness]\nstacks = ["imaged"]\nurl = "imaged.url"\n'
            '[tool.cdktf-harness.local]\nIMAGED_CLOUD = "{cloud}"\n'
        ),
    }
