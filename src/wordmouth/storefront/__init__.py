"""What customers see: the landing page, the friend's page, the advocate's page, the widget.

A door: a view makes one domain call and hands frozen structs to a template. Always true: every
page works without JavaScript and loads nothing from anybody else; what is said about an offer is
made from the programme itself; nobody learns from a page who is a customer.
"""
