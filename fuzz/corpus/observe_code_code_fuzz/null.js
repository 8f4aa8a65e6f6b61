exports.handler = async (event) => JSON.parse(event.body).user?.name || event.body.x;
