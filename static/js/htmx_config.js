// The configuration of htmx, in the format of JSON. The pages allow no inline code or style, and no copies of pages in the
// browser's storage, where they could be read after signing out. htmx starts after the scripts.
Object.assign(htmx.config, {
  "allowEval": false,
  "allowScriptTags": false,
  "includeIndicatorStyles": false,
  "attributesToSettle": ["class"],
  "defaultSettleDelay": 0,
  "historyCacheSize": 0,
  "refreshOnHistoryMiss": true,
  "selfRequestsOnly": true,
  "disableInheritance": true,
  "timeout": 30000,
  "responseHandling": [
    {"code": "204", "swap": false},
    {"code": "[23]..", "swap": true},
    {"code": "422", "swap": true},
    {"code": "[45]..", "swap": true, "error": true}
  ]
});
