"""What people can use and talk to: documents, tools, systems."""
