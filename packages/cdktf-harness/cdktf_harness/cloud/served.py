"""The services that the embedded cloud serves by default."""

# These keep their resources in memory and start nothing except the containers of functions; the front door refuses the
# operations of EC2, ECS, EKS, RDS, ElastiCache, CloudFront and load balancers that start something.
SERVED = frozenset(
    """
    account acm apigateway appconfig appconfigdata autoscaling budgets cloudfront cloudtrail cognito-identity
    cognito-idp dynamodb dynamodbstreams ec2 ecr ecs eks elasticache elasticfilesystem elasticloadbalancing events
    firehose iam kinesis kms lambda logs monitoring organizations rds resource-groups route53 s3 scheduler
    secretsmanager servicediscovery ses signer sns sqs ssm states sts tagging wafv2
    """.split()  # noqa: SIM905
)
