import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  stringify,
} from 'yaml'

import type { Path } from './form-schema.ts'

// The form edits the text itself, one place at a time, so that comments and what the form does not show stay as they are.

export type ReadText = { isReadable: true; value: unknown } | { isReadable: false }

/** The value of a text, with every alias and merge in its place; not readable when it is no YAML. */
export function readYaml(text: string): ReadText {
  const document = documentOf(text)
  if (document.errors.length > 0) return { isReadable: false }
  try {
    return { isReadable: true, value: document.toJS({ maxAliasCount: 20 }) as unknown }
  } catch {
    return { isReadable: false }
  }
}

/**
 * The text with one value in another's place; undefined takes it away, with what it is called by. Where the place is shared
 * with others by an alias or a merge, it gets a copy of its own first: the others stay as they were.
 *
 * Errors: throws for a text that cannot be read.
 */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = documentOf(text)
  if (document.errors.length > 0) throw new Error('the text cannot be read')
  const before = document.toJS({ maxAliasCount: 20 }) as unknown
  if (document.contents === null) document.set(path[0], {})
  ownEachStep(document, path)
  put(document, path, value)
  // What was taken away may be what others point at: then the text is written anew, each with its own.
  return textOf(document) ?? stringify(withPlainValue(before, path, value))
}

/** Null when an alias points at what is there no more. */
function textOf(document: Document): string | null {
  try {
    return document.toString({ lineWidth: 0 })
  } catch {
    return null
  }
}

function put(document: Document, path: Path, value: unknown): void {
  const known = document.getIn(path, true)
  if (value === undefined) document.deleteIn(path)
  else if (isScalar(known) && !isContainer(value)) known.value = value
  else document.setIn(path, document.createNode(value))
}

const isContainer = (value: unknown): boolean => typeof value === 'object' && value !== null

function withPlainValue(whole: unknown, [part, ...rest]: Path, value: unknown): unknown {
  if (part === undefined) return value
  const inner = (key: string | number) =>
    withPlainValue((whole as Record<string | number, unknown> | undefined)?.[key], rest, value)
  if (Array.isArray(whole) && typeof part === 'number') {
    const copy = [...(whole as unknown[])]
    const changed = inner(part)
    copy.splice(part, 1, ...(changed === undefined ? [] : [changed]))
    return copy
  }
  const entries = { ...(whole as Record<string, unknown> | undefined), [part]: inner(part) }
  return Object.fromEntries(Object.entries(entries).filter(([, each]) => each !== undefined))
}

const documentOf = (text: string) =>
  parseDocument(text, { merge: true, prettyErrors: false, uniqueKeys: true })

/** Walks down to the parent of the place, and makes every shared node on the way the place's own. */
function ownEachStep(document: Document, path: Path): void {
  for (let depth = 0; depth < path.length; depth++) {
    const here = path.slice(0, depth)
    const node = nodeAt(document, here)
    if (isAlias(node)) {
      replaceAt(document, here, copyOf(document, node.resolve(document) ?? null))
    } else if (isMap(node) && hasMerge(node)) {
      replaceAt(document, here, copyOf(document, node))
    } else if (node === undefined) {
      document.setIn(here, document.createNode(typeof path[depth] === 'number' ? [] : {}))
    }
  }
}

const nodeAt = (document: Document, path: Path): unknown =>
  path.length === 0 ? document.contents : document.getIn(path, true)

/** With its anchor kept, when others point at it: they go on doing so. */
function replaceAt(document: Document, path: Path, node: Node): void {
  const before = nodeAt(document, path)
  const anchor = isMap(before) || isSeq(before) || isScalar(before) ? before.anchor : undefined
  if (anchor !== undefined && 'anchor' in node) node.anchor = anchor
  if (path.length === 0) document.contents = node
  else document.setIn(path, node)
}

const copyOf = (document: Document, node: Node | null): Node =>
  document.createNode(node?.toJS(document) ?? null)

const hasMerge = (node: unknown): boolean =>
  isMap(node) && node.items.some(({ key }) => isScalar(key) && isMergeKey(key.value))

const isMergeKey = (value: unknown): boolean =>
  value === '<<' || (typeof value === 'symbol' && value.description === '<<')
