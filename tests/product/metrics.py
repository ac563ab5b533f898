"""What the product counts about itself, read as Prometheus reads it."""

from prometheus_client.parser import text_string_to_metric_families

from tests.product.person import anonymous
from tests.product.serving import Serving


async def metric(product: Serving, name: str) -> float:
    """The sum of all samples of this name; a name that is not there is a mistake of the test."""
    async with anonymous(product) as http:
        text = (await http.get("/metrics")).text
    families = text_string_to_metric_families(text)
    values = [s.value for family in families for s in family.samples if s.name == name]
    assert values, f"no {name} among the metrics:\n{text}"
    return sum(values)
