"""What mails say: words in each language, and one layout as plain text and as HTML."""
