"""The whole directory in files of fixed addresses, and the page that lists them."""
