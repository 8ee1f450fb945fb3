eval 'note "ask the local office first"'
