import { assert } from '../../../kernel/assert.ts'
import { field, type Hl7Message, USUAL_DELIMITERS } from '../../../platform/hl7/message.ts'
import { serialize } from '../../../platform/hl7/serialize.ts'

const VALUES = 12

/** A report of twelve values in GB 18030, as a hospital sends it; all of the same length, whatever their number. */
export function reportBytes(controlId: string): Buffer {
  const header = [
    [[['|']]],
    [[['^~\\&']]],
    field('YQHIS'),
    field('海岳市人民医院'),
    field('HUB'),
    field('YIQIAO'),
    field('20261123081500'),
    [],
    field('ORU', 'R01', 'ORU_R01'),
    field(controlId),
    field('P'),
    field('2.5'),
  ]
  const person = [
    field('1'),
    [],
    field('P0100000001', '', '', 'HIS', 'MR'),
    [],
    field('欧阳', '𠮷祥'),
  ]
  const order = [
    field('1'),
    field('ZD0120261123000001'),
    field('BG1'),
    field('CBC', '血常规（五分类）'),
  ]
  const values = Array.from({ length: VALUES }, (_, i) => [
    field(String(i + 1)),
    field('NM'),
    field(`WBC${i}`, '白细胞计数', 'HIS'),
    [],
    field('5.12'),
    field('10^9/L'),
    field('3.50-9.50'),
    field('N'),
    [],
    [],
    field('F'),
  ])
  const message: Hl7Message = {
    charset: 'GB 18030-2000',
    delimiters: USUAL_DELIMITERS,
    segments: [
      { name: 'MSH', fields: header },
      { name: 'PID', fields: person },
      { name: 'OBR', fields: order },
      ...values.map((fields) => ({ name: 'OBX', fields })),
    ],
  }
  const written = serialize(message)
  assert(written.ok, 'the report can be written')
  return written.bytes
}
