/** An address of another system: http or https, without a user. Null when the text is none. */
export function httpUrlOf(text: string): URL | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const isHttp = ['http:', 'https:'].includes(url.protocol)
  return isHttp && url.username + url.password === '' ? url : null
}

/** One that paths can be put behind. */
export function isBaseUrl(text: string): boolean {
  const url = httpUrlOf(text)
  return url !== null && url.search + url.hash === ''
}
