/**
 * The search part of a URL as plain text: "?status=settling,compensating&billNo=0231". Not JSON, as the router
 * would have it by itself: that reads the bill 0231 as the number 231, and is nothing to send a colleague.
 */
export const parseSearch = (text: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(text))

/**
 * A list is joined by commas; what is empty, false or not set is left out. Names are in order, so that one view has
 * one URL.
 */
export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) => {
    const text = textOf(value)
    return text === '' ? [] : [[name, text]]
  })
  // Commas, colons and slashes are allowed in a query and are easier on the eye as they are.
  const query = new URLSearchParams(pairs.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)))
    .toString()
    .replaceAll(/%2C|%3A|%2F/g, decodeURIComponent)
  return query === '' ? '' : `?${query}`
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  return value === true ? 'true' : ''
}
