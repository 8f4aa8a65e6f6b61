const c = new Client({ host: `old-${name}.internal`, url: "https://db.old.internal/x" });
export { a as handler };
