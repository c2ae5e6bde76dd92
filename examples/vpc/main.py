"""A VPC with two public subnets, an instance, and a load balancer in front of it."""

from cdktf import App, Fn, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.data_aws_ami import DataAwsAmi, DataAwsAmiFilter
from cdktf_cdktf_provider_aws.data_aws_availability_zones import DataAwsAvailabilityZones
from cdktf_cdktf_provider_aws.instance import Instance
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.lb import Lb
from cdktf_cdktf_provider_aws.lb_listener import LbListener, LbListenerDefaultAction
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupHealthCheck
from cdktf_cdktf_provider_aws.lb_target_group_attachment import LbTargetGroupAttachment
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.route_table import RouteTable, RouteTableRoute
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.security_group import SecurityGroup, SecurityGroupEgress, SecurityGroupIngress
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc

ANYWHERE = ["0.0.0.0/0"]

app = App()
setting = app.node.try_get_context
stack = TerraformStack(app, "web")
AwsProvider(stack, "aws", region=setting("region"))

vpc = Vpc(stack, "vpc", cidr_block="10.0.0.0/16")
gateway = InternetGateway(stack, "gateway", vpc_id=vpc.id)
routes = RouteTable(
    stack, "routes", vpc_id=vpc.id, route=[RouteTableRoute(cidr_block="0.0.0.0/0", gateway_id=gateway.id)]
)
zones = DataAwsAvailabilityZones(stack, "zones", state="available")
subnets = [
    Subnet(
        stack,
        f"subnet-{number}",
        vpc_id=vpc.id,
        cidr_block=f"10.0.{number}.0/24",
        availability_zone=Fn.element(zones.names, number),
    )
    for number in range(2)
]
for number, subnet in enumerate(subnets):
    RouteTableAssociation(stack, f"route-{number}", subnet_id=subnet.id, route_table_id=routes.id)

everything = SecurityGroupEgress(from_port=0, to_port=0, protocol="-1", cidr_blocks=ANYWHERE)
public = SecurityGroup(
    stack,
    "public",
    vpc_id=vpc.id,
    ingress=[SecurityGroupIngress(from_port=80, to_port=80, protocol="tcp", cidr_blocks=ANYWHERE)],
    egress=[everything],
)
private = SecurityGroup(
    stack,
    "private",
    vpc_id=vpc.id,
    ingress=[SecurityGroupIngress(from_port=8080, to_port=8080, protocol="tcp", security_groups=[public.id])],
    egress=[everything],
)
image = DataAwsAmi(
    stack,
    "image",
    owners=["amazon"],
    most_recent=True,
    filter=[DataAwsAmiFilter(name="name", values=["al2023-ami-2023.*-x86_64"])],
)
server = Instance(
    stack,
    "server",
    ami=image.id,
    instance_type=setting("instance_type"),
    subnet_id=subnets[0].id,
    vpc_security_group_ids=[private.id],
)

balancer = Lb(stack, "balancer", name="web", security_groups=[public.id], subnets=[subnet.id for subnet in subnets])
group = LbTargetGroup(
    stack,
    "group",
    name="web",
    port=8080,
    protocol="HTTP",
    vpc_id=vpc.id,
    health_check=LbTargetGroupHealthCheck(path="/health"),
)
LbTargetGroupAttachment(stack, "registration", target_group_arn=group.arn, target_id=server.id)
LbListener(
    stack,
    "listener",
    load_balancer_arn=balancer.arn,
    port=80,
    protocol="HTTP",
    default_action=[LbListenerDefaultAction(type="forward", target_group_arn=group.arn)],
)
TerraformOutput(stack, "host", value=balancer.dns_name)
TerraformOutput(stack, "instance", value=server.id)
app.synth()
