const a = /[/]`${/.test(b) ? `x${`y${1}`}` : 0x1F / 2 ** 3;
