SwaggerUIBundle({ url: document.getElementById("docs").dataset.openapi, dom_id: "#docs", validatorUrl: null, deepLinking: true });
