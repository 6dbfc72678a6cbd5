/** The beginning of a text that fits into so many bytes of UTF-8, cut between characters. */
export function cutUtf8(text: string, maxBytes: number): string {
  let size = 0
  let end = 0
  for (const character of text) {
    size += Buffer.byteLength(character, 'utf8')
    if (size > maxBytes) break
    end += character.length
  }
  return text.slice(0, end)
}
