"""What a request has to pass before the embedded AWS sees it: closed, but for what is opened here."""
