import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'

import { type Problem, problem } from './problem.ts'

/** A descriptor's text with the way back from a place in it to its line. */
export type DescriptorText = {
  value: unknown
  problems: Problem[]
  placeOf: (pointer: string) => Place | null
}

export type Place = { line: number; column: number }

const MAX_CHARACTERS = 262_144

/** Reads YAML, of which JSON is a part. Aliases are few, so that a small text cannot become an endless one. */
export function readText(text: string): DescriptorText {
  if (text.length > MAX_CHARACTERS) {
    const zh = `文件超过 ${MAX_CHARACTERS} 个字符`
    const tooLong = problem('', 'too_long', zh, `the text is over ${MAX_CHARACTERS} characters`)
    return { value: undefined, problems: [tooLong], placeOf: () => null }
  }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: true,
  })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const problems = document.errors.map((error): Problem => ({
    ...problem(
      '',
      'unreadable',
      `无法读取：${error.message}`,
      `it cannot be read: ${error.message}`,
    ),
    ...placeAt(error.pos[0]),
  }))
  return { value: problems.length > 0 ? undefined : valueOf(document, problems), problems, placeOf }

  function placeOf(pointer: string): Place | null {
    let node: unknown = document.contents
    let offset = isNode(node) ? node.range?.[0] : undefined
    for (const part of partsOf(pointer)) {
      const key = isMap(node)
        ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === part)?.key
        : undefined
      node =
        isNode(node) && 'get' in node && typeof node.get === 'function'
          ? (node.get(isMap(node) ? part : Number(part), true) as unknown)
          : undefined
      if (isNode(key) && key.range) offset = key.range[0]
      else if (isNode(node) && node.range) offset = node.range[0]
      else break
    }
    return offset === undefined ? null : placeAt(offset)
  }
}

function valueOf(
  document: { toJS(options: { maxAliasCount: number }): unknown },
  problems: Problem[],
) {
  try {
    return document.toJS({ maxAliasCount: 20 })
  } catch {
    problems.push(problem('', 'unreadable', '别名过多', 'it has too many aliases'))
    return undefined
  }
}

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
