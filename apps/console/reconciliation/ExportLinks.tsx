import { useTranslation } from 'react-i18next'

import { Download } from '../list/Download.tsx'

type ExportLinksProps = { path: string; filter: Record<string, string | number | boolean> }

/** All rows of the filter as a file, made by the hub: CSV of any length, a workbook up to its limit. */
export function ExportLinks({ path, filter }: ExportLinksProps) {
  const { t } = useTranslation()
  const query = new URLSearchParams(
    Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  const address = (ending: string) => `${path}.${ending}${query === '' ? '' : `?${query}`}`
  return (
    <span className="exports">
      <Download path={address('csv')}>{t('reconciliation.exportCsv')}</Download>
      <Download path={address('xlsx')}>{t('reconciliation.exportXlsx')}</Download>
    </span>
  )
}
