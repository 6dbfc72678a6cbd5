import { cp, mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { assert } from '../../kernel/assert.ts'
import { findPrograms, packagedHome, repairLibraryLinks } from './programs.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'yiqiao-programs-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** A program that says its version, as a stand-in for majors that are not installed here. */
async function homeOf(version: string): Promise<{ path: string; portable: boolean }> {
  const path = await mkdtemp(join(dir, 'home-'))
  await mkdir(join(path, 'bin'))
  for (const name of ['postgres', 'initdb']) {
    await writeFile(
      join(path, 'bin', name),
      `#!/bin/sh\necho "postgres (PostgreSQL) ${version}"\n`,
      {
        mode: 0o755,
      },
    )
  }
  return { path, portable: false }
}

it('finds those of the npm package first', async () => {
  const programs = await findPrograms(undefined)
  expect(programs).toMatchObject({ home: packagedHome(), portable: true })
})

it('takes the first for a new cluster, and the fitting one for an old', async () => {
  const homes = [await homeOf('17.10'), await homeOf('15.18 (Debian 15.18-1)')]
  const find = (major: number | undefined) => findPrograms(major, { homes: async () => homes })
  expect((await find(undefined)).home).toBe(homes[0]?.path)
  expect((await find(15)).home).toBe(homes[1]?.path)
  await expect(find(16)).rejects.toMatchObject({
    code: 'postgres.other_major_version',
    message: expect.stringContaining('17 and 15'),
  })
})

it('passes over programs that do not run, and says what to do when there are none', async () => {
  const broken = await homeOf('17.10')
  await writeFile(join(broken.path, 'bin/postgres'), '#!/bin/sh\nexit 127\n', { mode: 0o755 })
  const empty = { path: join(dir, 'nothing-here'), portable: false }
  const sound = await homeOf('15.18')
  const find = (homes: (typeof sound)[]) => findPrograms(undefined, { homes: async () => homes })
  expect((await find([broken, empty, sound])).home).toBe(sound.path)
  await expect(find([broken, empty])).rejects.toMatchObject({
    code: 'postgres.programs_missing',
    message: expect.stringMatching(/npm ci.*apt-get install postgresql.*DATABASE_URL/),
  })
})

it('makes the library links that an install without scripts leaves out', async () => {
  const packaged = packagedHome()
  assert(packaged !== undefined, 'the npm package is installed')
  const bare = join(dir, 'native')
  await cp(packaged, bare, {
    recursive: true,
    filter: (source) =>
      !/\/lib\/lib\w+\.so(\.\d+)?$/.test(source) || /lib(xml|ssl|cry)/.test(source),
  })
  await rm(join(bare, 'lib/libicui18n.so.60'), { force: true })
  const find = () =>
    findPrograms(undefined, { homes: async () => [{ path: bare, portable: false }] })
  await expect(find()).rejects.toMatchObject({ code: 'postgres.programs_missing' })

  await repairLibraryLinks(bare)
  await repairLibraryLinks(bare) // what is there stays
  expect(await readlink(join(bare, 'lib/libicui18n.so.60'))).toBe('libicui18n.so.60.2')
})

it('says how to repair library links where it must not', async () => {
  const home = await mkdtemp(join(dir, 'links-'))
  const links = [{ source: 'native/lib/a.so.1.2', target: 'no-such-folder/lib/a.so.1' }]
  await writeFile(join(home, 'pg-symlinks.json'), JSON.stringify(links))
  await expect(repairLibraryLinks(home)).rejects.toThrow(/npm rebuild/)
})
