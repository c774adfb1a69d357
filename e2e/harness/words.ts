// What the browser itself writes into its console when a request fails. A test that provokes one says so.
export const FAILED_RESPONSE = /^Failed to load resource: the server responded with a status of (404|409|422|429|50[234])/;
export const FAILED_CONNECTION = /^Failed to load resource: net::ERR_|net::ERR_(FAILED|CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|INTERNET_DISCONNECTED|CONNECTION_RESET|EMPTY_RESPONSE|NETWORK_CHANGED)/;
