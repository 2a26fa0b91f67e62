"""What Kohvik sells. The assortment is fixed, so it lives in code and needs no table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One article. `price` is in cents; `slug` names its page and its picture."""

    id: str
    slug: str
    sku: str
    name: str
    meaning: str
    category: str
    size: str
    price: int
    origin: str
    notes: str
    text: str

    @property
    def art(self) -> str:
        """The template that draws the article."""
        return f"wordmouth_demo/art/{self.slug}.svg"


PRODUCTS: tuple[Product, ...] = (
    Product(
        "p-1",
        "hommik",
        "COF-HOM-250",
        "Hommik",
        "morning",
        "Coffee",
        "250 g, whole bean",
        1490,
        "Guji, Ethiopia",
        "Apricot, jasmine, wild honey",
        "A washed coffee from small farms at 2,000 metres, roasted light for filter. "
        "It tastes like opening a window.",
    ),
    Product(
        "p-2",
        "pohjatuul",
        "COF-POH-250",
        "Põhjatuul",
        "north wind",
        "Coffee",
        "250 g, whole bean",
        1290,
        "Brazil and Guatemala",
        "Dark chocolate, hazelnut, orange peel",
        "Our espresso. Sturdy enough for milk, sweet enough without, and in no hurry "
        "to leave the cup.",
    ),
    Product(
        "p-3",
        "mets",
        "COF-MET-250",
        "Mets",
        "forest",
        "Coffee",
        "250 g, whole bean",
        1390,
        "Huila, Colombia",
        "Blackcurrant, cocoa, pine honey",
        "Decaffeinated with sugar cane, so nothing of the fruit is lost. "
        "For the cup after the last cup.",
    ),
    Product(
        "p-4",
        "suveoo",
        "TEA-SUV-100",
        "Suveöö",
        "summer night",
        "Tea",
        "100 g, loose leaf",
        1150,
        "Assam, India, and our garden",
        "Malt, currant leaf, a little smoke",
        "Black tea with currant leaves that we pick in June and dry in the attic "
        "while the nights stay light.",
    ),
    Product(
        "p-5",
        "niit",
        "TEA-NII-060",
        "Niit",
        "meadow",
        "Tea",
        "60 g, whole flowers",
        980,
        "Saaremaa, Estonia",
        "Chamomile, linden, wild mint",
        "A meadow in July, dried in the shade. No caffeine, nothing added, not even advice.",
    ),
    Product(
        "p-6",
        "udu",
        "TEA-UDU-100",
        "Udu",
        "mist",
        "Tea",
        "100 g, loose leaf",
        1650,
        "Shizuoka, Japan",
        "Fresh peas, sea air, melon",
        "A first-flush sencha, steamed deep. Give it water at seventy degrees and "
        "one quiet minute.",
    ),
    Product(
        "p-7",
        "kruus",
        "WAR-KRU-300",
        "Kruus",
        "mug",
        "Things",
        "300 ml stoneware",
        1800,
        "Thrown in Viljandi",
        "Speckled glaze, no two alike",
        "Holds heat, fits a cold hand, survives the dishwasher. Thrown on a wheel "
        "by people who drink from it.",
    ),
    Product(
        "p-8",
        "tilk",
        "WAR-TIL-002",
        "Tilk",
        "drop",
        "Things",
        "Dripper and jug, 2 cups",
        3200,
        "Ceramic and glass",
        "For filter papers no. 2",
        "One cone, one jug, three minutes. Everything needed for a slow morning, "
        "apart from the morning.",
    ),
)

CATEGORIES: tuple[tuple[str, str], ...] = (
    ("Coffee", "Roasted on Tuesdays, posted on Wednesdays."),
    ("Tea", "Whole leaves and whole flowers, from people we know by name."),
    ("Things", "Few and good."),
)

_BY_ID = {product.id: product for product in PRODUCTS}
_BY_SLUG = {product.slug: product for product in PRODUCTS}


def by_id(product_id: str) -> Product | None:
    """Return the article with that id, or None."""
    return _BY_ID.get(product_id)


def by_slug(slug: str) -> Product | None:
    """Return the article whose page has that name, or None."""
    return _BY_SLUG.get(slug)


def in_category(category: str) -> list[Product]:
    """Return the articles of one category in their order of display."""
    return [product for product in PRODUCTS if product.category == category]
