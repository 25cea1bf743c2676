/** What the product calls itself in mails. */
export const productName = 'Attestry'
