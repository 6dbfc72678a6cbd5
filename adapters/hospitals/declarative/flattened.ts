/** `{ a: [{ b: 1 }] }` as a form of plain names has it: `{ "a[0].b": "1" }`. Null and undefined are left out. */
export function flattened(document: unknown): Record<string, string> {
  const fields: Record<string, string> = {}
  add(document, '')
  return fields

  function add(value: unknown, name: string): void {
    if (value === null || value === undefined) return
    if (Array.isArray(value)) value.forEach((item, i) => add(item, `${name}[${i}]`))
    else if (typeof value === 'object') {
      for (const [inner, inside] of Object.entries(value)) {
        add(inside, name === '' ? inner : `${name}.${inner}`)
      }
    } else fields[name] = String(value as string | number | boolean)
  }
}
