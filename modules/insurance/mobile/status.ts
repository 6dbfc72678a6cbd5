export type MobileStatus =
  | 'uploading'
  | 'uploaded'
  | 'paying'
  | 'settled'
  | 'ended'
  | 'refunding'
  | 'refunded'
