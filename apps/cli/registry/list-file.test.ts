import { describe, expect, it } from 'vitest'

import { readListFile } from './list-file.ts'

const read = (...lines: string[]) => readListFile(lines.join('\n'), { region: '370200' })

describe('[I6] a published list of institutions', () => {
  it('is read line by line; what it does not say is not known', () => {
    const full = {
      code: 'P37020200001',
      name: '安康大药房',
      address: '香港中路 1 号',
      phone: '0532-85550101',
      latitude: 36.06,
      longitude: 120.38,
      settles: ['drugs'],
      validTo: '2028-12-31',
    }
    expect(read(JSON.stringify(full), '', '{"code":"X1","name":"甲"}')).toEqual([
      {
        code: 'P37020200001',
        name: '安康大药房',
        area: '370202',
        level: null,
        address: '香港中路 1 号',
        phone: '0532-85550101',
        place: { latitude: 36.06, longitude: 120.38 },
        settles: ['drugs'],
        validFrom: null,
        validTo: '2028-12-31',
      },
      expect.objectContaining({ code: 'X1', area: '370200', place: null, settles: [] }),
    ])
  })

  it.each([
    ['{"code":', /^line 2: /],
    ['{"code":"X1","name":"甲","telephone":"1"}', /^line 2: "telephone" is no field/],
    ['{"code":1,"name":"甲"}', /^line 2: "code" is no text/],
    ['{"code":"X1","name":"甲","latitude":36}', /^line 2: half of a place/],
    ['{"code":"X1","name":"甲","latitude":"36","longitude":1}', /^line 2: "latitude" is no number/],
    ['{"code":"X1","name":"甲","settles":["teeth"]}', /^line 2: "settles" has one of/],
    ['{"code":"X1","name":"甲","settles":"drugs"}', /^line 2: "settles" is no list/],
    ['{"code":"X1","name":"甲","validTo":"2026-02-30"}', /^line 2: "validTo" is no day/],
  ])('refuses %s by its line', (line, words) => {
    expect(() => read('{"code":"X0","name":"零"}', line)).toThrow(words)
  })
})
