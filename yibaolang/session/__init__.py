"""A session: rules, people and accounts that grow sentence by sentence, and commands about them."""
