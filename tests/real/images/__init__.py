"""Small images, bills of materials and scanner databases, made by our own code so that real scanners run offline."""
