"""The services that the embedded cloud serves by default."""

# These keep their resources in memory and start nothing except the containers of functions.
SERVED = frozenset(
    """
    account acm apigateway appconfig appconfigdata cognito-identity cognito-idp dynamodb dynamodbstreams ecr events
    firehose iam kinesis kms lambda logs monitoring organizations resource-groups route53 s3 scheduler secretsmanager
    servicediscovery ses signer sns sqs ssm states sts tagging wafv2
    """.split()  # noqa: SIM905
)
