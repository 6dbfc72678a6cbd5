// JSON pointers (RFC 6901), over plain data.

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

/** What stands there; undefined when nothing does. Only own members are looked at. */
export function valueAt(document: unknown, pointer: string): unknown {
  return partsOf(pointer).reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string, unknown>)[part]
        : undefined,
    document,
  )
}

/** The same document with another value there; as it is when there is nothing. */
export function replacedAt(document: unknown, pointer: string, value: unknown): unknown {
  const [part, ...rest] = partsOf(pointer)
  if (part === undefined) return value
  if (typeof document !== 'object' || document === null || !Object.hasOwn(document, part)) {
    return document
  }
  const inner = replacedAt((document as Record<string, unknown>)[part], pointerOf(rest), value)
  if (Array.isArray(document)) {
    return document.map((item: unknown, i) => (String(i) === part ? inner : item))
  }
  return { ...document, [part]: inner }
}

const pointerOf = (parts: readonly (string | number)[]): string =>
  parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
