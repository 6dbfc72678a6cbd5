import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { splitStatements } from './migrate.ts'

describe('splitStatements', () => {
  it('cuts at the semicolons that end a line', () => {
    expect(splitStatements('create schema a;\n\ncreate table a.b (\n  c int\n);\n')).toEqual([
      'create schema a;',
      'create table a.b (\n  c int\n);',
    ])
  })

  it('keeps a comment with the statement below it, and drops one without', () => {
    expect(splitStatements('-- What it is for.\ncreate schema a;\n-- The end.\n')).toEqual([
      '-- What it is for.\ncreate schema a;',
    ])
    expect(splitStatements('-- Nothing here.\n')).toEqual([])
  })

  it('does not cut in the body of a function', () => {
    const text = 'do $$\nbegin\n  perform 1;\n  perform 2;\nend $$;\nselect 1;'
    expect(splitStatements(text)).toEqual([
      'do $$\nbegin\n  perform 1;\n  perform 2;\nend $$;',
      'select 1;',
    ])
    expect(splitStatements('do $$ begin perform 1; end $$;\nselect 2;')).toHaveLength(2)
  })

  it('does not cut at what a comment or a text says', () => {
    const statement = [
      'create table a (',
      "  b text, -- the hospital's own; never changed;",
      "  c text default ';' -- it's one;",
      ');',
    ].join('\n')
    expect(splitStatements(`${statement}\nselect 1; -- done; really`)).toEqual([
      statement,
      'select 1; -- done; really',
    ])
    expect(splitStatements("select 'a -- b';\nselect 2;")).toHaveLength(2)
    expect(splitStatements('-- costs $$ only\nselect 1;\nselect 2;')).toHaveLength(2)
  })

  it('takes the last statement without a semicolon', () => {
    expect(splitStatements('select 1;\nselect 2')).toEqual(['select 1;', 'select 2'])
  })

  it('makes of every migration there is statements that each end in one', () => {
    const root = join(import.meta.dirname, '..')
    const paths = readdirSync(join(root, 'modules'))
      .map((name) => join(root, 'modules', name, 'migrations'))
      .concat(join(root, 'platform/migrations'))
      .flatMap((folder) => sqlFilesIn(folder))
    expect(paths.length).toBeGreaterThan(3)
    for (const path of paths) {
      for (const statement of splitStatements(readFileSync(path, 'utf8'))) {
        expect(statement).toMatch(/;(\s*--.*)?$/)
      }
    }
  })
})

function sqlFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}
