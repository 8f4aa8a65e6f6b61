def f(
  x = """
 while True: x.append('