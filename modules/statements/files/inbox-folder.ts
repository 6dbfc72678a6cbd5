import { type FileHandle, lstat, mkdir, readdir } from 'node:fs/promises'

import { assert } from '../../../kernel/assert.ts'

// Folders that others write into. Names are bytes there: a bank's server may write them in GBK.

/** Being written: SFTP clients use such names until a file is whole. */
export const UNFINISHED = /(^\.)|(\.(part|tmp|filepart|partial|crdownload)$)/i

export const at = (folder: Buffer, name: Buffer | string): Buffer =>
  Buffer.concat([folder, Buffer.from('/'), Buffer.from(name)])

/** Empty while the folder is not there. What leads elsewhere is no folder: whoever may write here must not reach there. */
export async function entriesOf(folder: Buffer): Promise<Buffer[]> {
  try {
    if (!(await isFolder(parentOf(folder))) || !(await isFolder(folder))) return []
    return await readdir(folder, { encoding: 'buffer' })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** The folder by that name, made when it is not there. Errors: asserts that it is one. */
export async function folderIn(place: Buffer, name: string): Promise<Buffer> {
  const folder = at(place, name)
  await mkdir(folder, { recursive: true })
  assert(await isFolder(folder), `${name} is no folder`)
  return folder
}

const PIECE_BYTES = 262_144

/** From its beginning. A stream of the handle would close it with itself, and who reads wants to know more of the file. */
export async function* bytesOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(PIECE_BYTES), position })
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

const parentOf = (path: Buffer): Buffer => path.subarray(0, path.lastIndexOf('/'))

const isFolder = async (path: Buffer): Promise<boolean> => (await lstat(path)).isDirectory()

const utf8 = new TextDecoder('utf-8', { fatal: true })
const gb18030 = new TextDecoder('gb18030')

export function textOf(name: Buffer): string {
  try {
    return utf8.decode(name)
  } catch {
    return gb18030.decode(name)
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
