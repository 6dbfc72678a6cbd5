import { useTranslation } from 'react-i18next'

import type { PartKind } from '../../web/tenders.ts'

/** Who bears a part, with its colour beside the word. */
export function PartName({ part }: { part: PartKind }) {
  const { t } = useTranslation()
  return (
    <span className="part-name">
      <span className={`swatch swatch-${part}`} aria-hidden="true" />
      {t(`parts.${part}`)}
    </span>
  )
}
