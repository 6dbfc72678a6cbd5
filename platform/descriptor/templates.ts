// Templates are text with {names} in it, for what an expression would be too much: paths, headers, signed texts.

const PLACE = /\{([^{}]*)\}/g

/** The names a template asks for. */
export const namesIn = (template: string): string[] =>
  [...template.matchAll(PLACE)].map(([, name = '']) => name)

/** Fills every name. Errors: null when one has no value, as half a path or half a signed text is worse than none. */
export function fill(
  template: string,
  values: Readonly<Record<string, string | null | undefined>>,
  encode: (value: string) => string = (value) => value,
): string | null {
  if (namesIn(template).some((name) => typeof values[name] !== 'string')) return null
  return template.replaceAll(PLACE, (_whole, name: string) => encode(values[name] ?? ''))
}
