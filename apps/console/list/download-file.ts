/**
 * Saves a file that the hub makes, under the hub's name for it. No plain link does: the session counts only together with the
 * header that says which app asks, and a refusal would be saved as the file.
 *
 * Errors: throws the hub's problem, or what fetch throws where no answer came.
 */
export async function downloadFile(path: string): Promise<void> {
  const request = new Request(new URL(path, window.location.origin), {
    headers: { 'x-yiqiao-app': 'console' },
  })
  const response = await fetch(request)
  if (!response.ok) throw (await response.json()) as unknown
  const name = nameIn(response.headers.get('content-disposition') ?? '')
  save(name ?? path.split('/').at(-1) ?? 'file', await response.blob())
}

/** The file's own name as the hub gives it. Source: RFC 6266, RFC 8187. */
function nameIn(disposition: string): string | null {
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1]
  if (coded) return decodeURIComponent(coded)
  return /filename="([^"]+)"/i.exec(disposition)?.[1] ?? null
}

function save(name: string, body: Blob): void {
  const url = URL.createObjectURL(body)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}
