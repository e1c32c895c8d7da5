"""Words, prices and shares the company is made of. Change a number here, not in the code."""

SEED = 20251231

FIRST_WORDS = (
    "Amber Atlas Birch Bluefin Canyon Cedar Cobalt Copper Delta Ember Fable Falcon Granite Harbor "
    "Hazel Indigo Juniper Larkspur Lumen Maple Meridian Nimbus Orchard Pioneer Quarry Raven Sable "
    "Summit Tidal Willow"
).split()
SECOND_WORDS = (
    "Analytics Bakery Biotech Capital Clinics Components Design Energy Foods Freight Games Health "
    "Hotels Labs Learning Legal Logistics Media Motors Networks Outfitters Pharma Press Retail "
    "Robotics Software Studios Systems Travel Works"
).split()

# The first words of those who came and did not buy.
OTHER_WORDS = (
    "Acorn Alder Alpine Anchor Aspen Aurora Basalt Beacon Bramble Breeze Cascade Chalk Cinder "
    "Clover Comet Coral Crane Cypress Dune Eagle Echo Elm Ferry Fern Fjord Flint Forge Fox Garnet "
    "Glacier Grove Heron Iris Ivory Jade Kelp Lagoon Lark Linden Marble Mesa Mint Moss Nectar Oak "
    "Onyx Opal Otter Pebble Pine Plover Prairie Quartz Reed Ridge River Robin Rowan Saffron Slate "
    "Sparrow Spruce Tern Thistle Topaz Umber Vale Walnut Wren Yarrow"
).split()

# How many accounts of each kind: (motion, segment, accounts).
MIX = (
    ("self_serve", "smb", 116),
    ("self_serve", "mid_market", 32),
    ("assisted", "smb", 14),
    ("assisted", "mid_market", 50),
    ("assisted", "enterprise", 10),
    ("sales_led", "smb", 14),
    ("sales_led", "mid_market", 34),
    ("sales_led", "enterprise", 38),
    ("purchase_only", "smb", 6),
    ("unknown", "smb", 9),
    ("free", "smb", 48),
    ("free", "mid_market", 14),
    ("prospect", "mid_market", 12),
    ("prospect", "enterprise", 12),
)

# Who came and did not buy: (kind, segment, accounts). `looked`: signed up, never met value;
# `lapsed`: met value, was offered the paid plan, never paid; the others had a deal that was lost or
# is still open, opened after value was proven or by a rep who came first (`pilot`: and who then had
# them try the product).
DEMAND = (
    ("looked", "smb", 560),
    ("looked", "mid_market", 120),
    ("lapsed", "smb", 130),
    ("lapsed", "mid_market", 60),
    ("lost_product", "smb", 24),
    ("lost_product", "mid_market", 50),
    ("lost_product", "enterprise", 12),
    ("lost_sales", "smb", 38),
    ("lost_sales", "mid_market", 80),
    ("lost_sales", "enterprise", 52),
    ("pilot", "smb", 18),
    ("pilot", "mid_market", 52),
    ("pilot", "enterprise", 40),
)

# Seats at the first purchase (low, high) and the list price per seat and month.
SEATS = {"smb": (4, 16), "mid_market": (24, 76), "enterprise": (60, 160)}
PRICE = {"smb": 29.0, "mid_market": 60.0, "enterprise": 51.0}

CHANNELS = {
    True: ("organic", "organic", "template_gallery", "invite_loop", "paid_search", "integration"),
    False: ("outbound", "outbound", "event", "partner", "referral", "paid_search"),
}

# Where sign-ups came from who did not buy: paid search brings many who only look.
SIGN_UPS = {
    "looked": {
        "organic": 30,
        "paid_search": 34,
        "template_gallery": 14,
        "integration": 13,
        "invite_loop": 9,
    },
    "lapsed": {
        "organic": 32,
        "paid_search": 14,
        "template_gallery": 22,
        "integration": 14,
        "invite_loop": 18,
    },
}

# Yearly chance to leave, and to grow, by segment: (product-led, sales-led).
LEAVE = {"smb": (0.16, 0.24), "mid_market": (0.075, 0.15), "enterprise": (0.06, 0.16)}
GROW = {"smb": (0.66, 0.30), "mid_market": (0.70, 0.26), "enterprise": (0.50, 0.26)}
SHRINK = {"smb": (0.10, 0.12), "mid_market": (0.10, 0.14), "enterprise": (0.05, 0.06)}

USAGE_EVENTS = ("card_edited", "board_searched", "comment_added")
VALUE_EVENTS = ("plan_published", "review_completed")
