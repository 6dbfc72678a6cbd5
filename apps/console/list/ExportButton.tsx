import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { failureText, readFailure } from '../../web/problem.ts'
import { announce } from '../shell/announce.ts'
import { Icon } from '../shell/Icon.tsx'
import { BYTE_ORDER_MARK, type CsvCell, csvRow } from './csv.ts'

const MOST_ROWS = 100_000
const ROWS_BETWEEN_REPORTS = 500

type ExportButtonProps<Row> = {
  fileName: string
  heads: readonly string[]
  cellsOf: (row: Row) => readonly CsvCell[]
  rows: (most: number, onLimit: () => void) => AsyncIterable<Row>
}

/** Writes all rows of the filter on the screen, not only those of the page, to a file. */
export function ExportButton<Row>({ fileName, heads, cellsOf, rows }: ExportButtonProps<Row>) {
  const { t, i18n } = useTranslation()
  const [written, setWritten] = useState<number | null>(null)
  const [fault, setFault] = useState<string | null>(null)

  const write = async () => {
    setFault(null)
    setWritten(0)
    const texts = [BYTE_ORDER_MARK, csvRow(heads.map((text) => ({ text })))]
    try {
      let count = 0
      for await (const row of rows(MOST_ROWS, () =>
        setFault(t('export.cut', { most: MOST_ROWS })),
      )) {
        texts.push(csvRow(cellsOf(row)))
        count += 1
        if (count % ROWS_BETWEEN_REPORTS === 0) setWritten(count)
      }
      save(fileName, texts)
      announce(t('export.done', { count }))
    } catch (error) {
      setFault(failureText(i18n, readFailure(error)))
    } finally {
      setWritten(null)
    }
  }
  return (
    <span className="export">
      <Button
        title={t('export.hint')}
        icon={<Icon name="download" />}
        loading={written !== null}
        onClick={() => void write()}
      >
        {written ? t('export.running', { count: written }) : t('export.csv')}
      </Button>
      {fault && <span role="alert">{fault}</span>}
    </span>
  )
}

function save(fileName: string, texts: string[]): void {
  const url = URL.createObjectURL(new Blob(texts, { type: 'text/csv;charset=utf-8' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: fileName })
  link.click()
  URL.revokeObjectURL(url)
}
