// The door of the adapter: lists that a bank, an insurer or a hospital gives out over HTTPS, one address for each day.
export { createHttpsFetcher } from './fetcher.ts'
