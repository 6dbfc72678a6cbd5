import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'

import { Argument, Command, InvalidArgumentError, Option } from 'commander'

import { type BusinessDate, instantAt, isBusinessDate } from '../../../kernel/time.ts'
import { INSTITUTION_KINDS, type InstitutionKind } from '../../../modules/registry/index.ts'
import { readConfig } from '../../../platform/config.ts'
import { openHub } from '../../hub/open-hub.ts'
import { say } from '../progress.ts'
import { readListFile } from './list-file.ts'

/** `bin/yiqiao registry load`: takes in what a region publishes of its designated institutions, whole or not at all. */
export const registryCommand = (): Command =>
  new Command('registry')
    .description('designated hospitals, pharmacies and agencies / 定点医药机构名录')
    .addCommand(
      new Command('load')
        .description('put a published list in the place of the one before / 导入公布的名录')
        .addArgument(new Argument('<file>', 'JSON Lines: code, name, address, phone, …'))
        .requiredOption('--region <code>', 'whose insurance: six digits of GB/T 2260')
        .addOption(
          new Option('--kind <kind>', 'what the list is of')
            .choices(INSTITUTION_KINDS)
            .makeOptionMandatory(),
        )
        .requiredOption('--as-of <day>', 'of which day it speaks, like 2026-11-21', dayOf)
        .option('--may-shrink', 'also when it is less than half as long as the one before')
        .action(load),
    )

type Given = { region: string; kind: InstitutionKind; asOf: BusinessDate; mayShrink?: boolean }

async function load(file: string, { region, kind, asOf, mayShrink = false }: Given): Promise<void> {
  const institutions = readListFile(await readFile(fromCaller(file), 'utf8'), { region })
  const { hub, close } = openHub(readConfig(), 'cli')
  try {
    const list = { region, kind, source: 'list', asOf: instantAt(asOf, '00:00:00') } as const
    const loaded = await hub.registry.loadList({ ...list, institutions }, { mayShrink })
    const { seq, institutionCount, begun, ended } = loaded
    say(`${region} ${kind}, list ${seq}: ${institutionCount} in it, ${begun} new, ${ended} ended`)
  } finally {
    await close()
  }
}

/** bin/yiqiao works in the project's folder; a file is named from where the caller stands. */
const fromCaller = (path: string): string =>
  isAbsolute(path) ? path : join(process.env['INIT_CWD'] ?? process.cwd(), path)

function dayOf(text: string): BusinessDate {
  if (!isBusinessDate(text)) throw new InvalidArgumentError('Not a day like 2026-11-21.')
  return text
}
