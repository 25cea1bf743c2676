/**
 * What an organization's Merkle log is called: C2SP tlog-checkpoint's origin, a schemeless address. Fixed when the
 * organization is created, whatever the deployment is called later.
 */
export const logOriginOf = (appOrigin: string, organizationId: string): string =>
  `${new URL(appOrigin).host}/ledger/${organizationId}`
