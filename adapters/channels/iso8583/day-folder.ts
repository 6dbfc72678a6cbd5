import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { assert } from '../../../kernel/assert.ts'

/**
 * The files that a bank delivers into a folder. Null for one that is not there; throws when the folder cannot be read.
 * Errors: asserts on a name that leads out of the folder.
 */
export const folderDayFiles =
  (folder: string) =>
  async (name: string): Promise<Buffer | null> => {
    assert(/^[0-9A-Za-z_.-]+$/.test(name) && !name.startsWith('.'), `${name} is a plain name`)
    try {
      return await readFile(join(folder, name))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    }
  }
