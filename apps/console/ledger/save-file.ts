/** Hands a file to the browser, to be kept. */
export function saveFile(name: string, body: Blob): void {
  const url = URL.createObjectURL(body)
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  URL.revokeObjectURL(url)
}
