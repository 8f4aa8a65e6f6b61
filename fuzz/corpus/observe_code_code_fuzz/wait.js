const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
exports.handler = async (event) => {
  await sleep(30 * 1000);
};
